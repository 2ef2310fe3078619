"""One module for each service: it reads like the citizen's journey, and talks only through its Visit."""
