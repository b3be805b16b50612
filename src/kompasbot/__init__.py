"""kompasbot: a Dutch assistant over the factsheets of the Interventiekompas technologieonderwijs."""

__version__ = "0.1.0"
