"""A whole system on one machine: embedded servers, its processes, the demo."""
