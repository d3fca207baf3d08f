"""What makes the site: a Sphinx extension, its templates, styles, scripts."""
