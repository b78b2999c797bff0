"""What claims of both guides have in common, 837P and 837I: hierarchy, parties, other payers, details."""
