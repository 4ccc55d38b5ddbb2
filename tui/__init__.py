"""The screen. The law here: it draws the last frame and holds no truth; only this package imports Textual."""
