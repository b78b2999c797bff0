"""The arrows of the mission, a file each."""
