"""Trichter: the sales funnel of a small agency, on its own desk."""

__version__ = "0.2.0"
