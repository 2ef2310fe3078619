"""What the citizen sees and touches: a module for each kind of prompt, the widgets, the theme. No I/O, no rules."""

from screens import environment as environment  # before anything imports Kivy
