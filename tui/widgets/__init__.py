"""What is on the screen: panes that show a frame, and the console, lesson and key lines that one acts through."""
