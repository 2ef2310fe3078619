"""Mirrors the tree; plus whole journeys, integrity tests and benchmarks."""
