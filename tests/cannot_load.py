"""An application for tests of the web server, which is none."""

raise RuntimeError("This cannot be loaded")
