"""Counts links in an embedded SQL engine; imported only where links are given."""
