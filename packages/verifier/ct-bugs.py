import re,sys
for f in sys.argv[1:]:
    s=open(f).read()
    parts=re.split(r'(?m)^(?=contract )',s)
    for p in parts:
        m=re.match(r'contract (\w+)',p)
        if m: open('/tmp/lead/ct/bug-%s.ae'%m.group(1),'w').write(p); print(m.group(1))
