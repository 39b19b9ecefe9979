"""Starting it: serve an installation, or a demo of one. Stands above the application, nothing imports it."""
