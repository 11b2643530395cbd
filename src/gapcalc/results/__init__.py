"""The results, field for field the JSON of the docs: one module per command that has one."""
