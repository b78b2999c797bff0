"""The product: a claim's way from ready-to-bill to cash."""
