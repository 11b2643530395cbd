"""Turns each result into a document."""
