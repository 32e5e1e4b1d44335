"""The theme's own tests: templates, components, words and colours."""
