"""The centre's database: its tables, its connections and the gate that refuses an unsafe one."""
