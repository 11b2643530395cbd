"""The reports to hand over: one module per command, and what all of them end with."""
