"""From what the user named to tables: finds, opens, recognises and reads files."""
