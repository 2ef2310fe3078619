"""Device adapters behind small interfaces; knows nothing of flows, screens or the centre."""
