"""What the citizen sees and touches: one module for each kind of prompt, the widgets and the theme. No I/O, no rules."""
