"""Firstline: no household missed, no person left out."""

__version__ = "0.1.0"
