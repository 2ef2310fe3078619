"""The electronic seal of official papers: what it says, the keys it is made with, and how anybody checks it."""
