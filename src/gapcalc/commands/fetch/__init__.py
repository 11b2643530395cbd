"""Fetches SERPs, counts and links from a provider into a folder that every command reads."""
