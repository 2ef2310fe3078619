"""A citizen's visit, from the first touch to the printed slip. Knows no widget and no driver."""
