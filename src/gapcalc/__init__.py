"""How many referring domains does this page need to compete for this keyword?"""

__version__ = "0.1.0"
