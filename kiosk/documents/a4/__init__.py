"""Official papers on A4: the sheet that typst sets, and the press that keeps typst warm."""
