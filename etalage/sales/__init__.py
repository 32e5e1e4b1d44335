"""What visitors do: wishlists now; quote, checkout and settlement later. Rules and ports, no HTTP and no SDK."""
