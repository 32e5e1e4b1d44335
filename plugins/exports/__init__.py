"""Files for elsewhere, made on demand and not with the site: the brochure for print and press, the block of a newsletter."""
