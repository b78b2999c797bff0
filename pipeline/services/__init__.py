"""What people ask for outside the flow."""
