"""Work of the registry for later."""
