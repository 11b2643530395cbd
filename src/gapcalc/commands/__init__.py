"""One job per command: from named inputs and settings to a result."""
