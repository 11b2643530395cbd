"""Presents results: as text for people, as data for programs."""
