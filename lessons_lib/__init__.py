"""Plumbing for the lessons: devices, data, training, plots and claims."""

__version__ = "0.1.0"
