"""The providers, each a declaration; the only place that opens a network connection."""
