"""The wire: FastAPI endpoints over the centre's own functions, signatures checked and every error a problem."""
