"""The cabinet: its door and its tamper contact. It is watched by its status alone."""
