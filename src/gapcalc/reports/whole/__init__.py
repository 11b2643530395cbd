"""The reports to hand over: one module per command, and the parts they share."""
