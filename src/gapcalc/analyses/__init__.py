"""Answers questions from rows and counts; knows no terminal, file, clock or network."""
