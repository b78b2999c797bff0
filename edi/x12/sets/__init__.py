"""A folder a transaction set: its typed values, its reader and its writer; beside them what sets have in common."""
