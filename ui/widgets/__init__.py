"""Parts of screens: dumb, reusable, worded by whoever uses them. They know no action and no language."""
