"""What exists and when it runs; what it computes is in `lib`."""
