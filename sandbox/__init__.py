"""A clearinghouse, payers and a bank behind real SFTP, for demo, tests and training."""
