"""REST entry points: health and the event hook."""
