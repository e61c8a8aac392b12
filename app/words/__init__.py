"""What people read, in their own language: the catalogs, and who reads in which."""
