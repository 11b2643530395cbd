"""Says each result as a document."""
