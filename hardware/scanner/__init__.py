"""Reading the code that a citizen holds up: camera, serial scanner, keyboard wedge, camera simulator."""
