"""What the `make` commands run; each module says how."""
