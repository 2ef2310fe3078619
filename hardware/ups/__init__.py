"""The UPS: whether the kiosk runs on mains or on its battery. It is watched by its status alone."""
