"""Pure values and decisions: claims, states, money, time."""
