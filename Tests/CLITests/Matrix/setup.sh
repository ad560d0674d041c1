# Makes what the rows read: one key of ours and one of each tool's, in every format it writes.
set -e
printf 'pass word\n' > pw
printf 'a message to sign and to encrypt\n' > message
keyctl gen --user alice --bits 2048 --no-passphrase > /dev/null
mkdir ours theirs
enc='--private --passphrase-file pw'
plain='--private --plaintext'
for format in pem der pkcs1 pkcs1-der ssh rfc4716 jwk jwks authorized-keys allowed-signers; do
    keyctl export alice --format $format -o ours/public.$format
done
for format in certificate certificate-der csr csr-der; do
    keyctl export alice --format $format --san dns:alice.example --san ip:192.0.2.1 -o ours/$format
done
for format in pkcs8 pkcs8-der pkcs1 pkcs1-der openssh jwk jwks; do
    keyctl export alice $plain --format $format -o ours/plain.$format 2> /dev/null
done
for format in pkcs8 pkcs8-der openssh pkcs12; do
    keyctl export alice $enc --format $format -o ours/sealed.$format
done
keyctl export alice $enc --format pkcs8 --scrypt -o ours/sealed.scrypt
openssl pkey -in ours/plain.pkcs8 -pubout -out ours/reference

openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out theirs/pkcs8.pem 2> /dev/null
key=theirs/pkcs8.pem
openssl pkey -in $key -pubout -out theirs/reference
openssl pkey -in $key -outform DER -out theirs/pkcs8.der
openssl pkcs8 -topk8 -in $key -passout file:pw -v2 aes-256-cbc -out theirs/aes256.pem
openssl pkcs8 -topk8 -in $key -passout file:pw -v2 aes-128-cbc -v2prf hmacWithSHA512 -outform DER -out theirs/aes128.der
openssl pkcs8 -topk8 -in $key -passout file:pw -v2 des3 -v2prf hmacWithSHA1 -out theirs/des3.pem
openssl pkcs8 -topk8 -in $key -passout file:pw -scrypt -out theirs/scrypt.pem
openssl pkcs8 -topk8 -in $key -passout file:pw -scrypt -scrypt_N 131072 -scrypt_r 8 -scrypt_p 1 -out theirs/scrypt-large.pem 2> /dev/null || rm -f theirs/scrypt-large.pem
openssl rsa -in $key -traditional -out theirs/pkcs1.pem 2> /dev/null
openssl rsa -in $key -traditional -outform DER -out theirs/pkcs1.der 2> /dev/null
openssl rsa -in $key -traditional -aes128 -passout file:pw -out theirs/legacy.pem 2> /dev/null
openssl rsa -in $key -RSAPublicKey_out -out theirs/pkcs1.pub 2> /dev/null
openssl rsa -in $key -RSAPublicKey_out -outform DER -out theirs/pkcs1.pub.der 2> /dev/null
openssl pkey -in $key -pubout -outform DER -out theirs/public.der
openssl req -x509 -new -key $key -subj /CN=bob -days 30 -out theirs/certificate.pem
openssl x509 -in theirs/certificate.pem -outform DER -out theirs/certificate.der
openssl req -new -key $key -subj /CN=bob -out theirs/request.pem
openssl req -in theirs/request.pem -outform DER -out theirs/request.der
openssl pkcs12 -export -inkey $key -in theirs/certificate.pem -passout file:pw -out theirs/store.p12

ssh() { cp $key theirs/$1; chmod 600 theirs/$1; shift; ssh-keygen -q "$@"; }
ssh openssh -p -P '' -N '' -f theirs/openssh > /dev/null
ssh openssh-sealed -p -P '' -N 'pass word' -a 1 -f theirs/openssh-sealed > /dev/null
ssh openssh-cbc -p -P '' -N 'pass word' -a 1 -Z aes256-cbc -f theirs/openssh-cbc > /dev/null
ssh-keygen -y -f theirs/openssh > theirs/openssh.pub
ssh-keygen -e -m RFC4716 -f theirs/openssh.pub > theirs/rfc4716.pub
ssh-keygen -e -m PEM -f theirs/openssh.pub > theirs/ssh-pkcs1.pub
ssh-keygen -e -m PKCS8 -f theirs/openssh.pub > theirs/ssh-spki.pub
printf 'restrict,command="echo \\"hi\\"" %s' "$(cat theirs/openssh.pub)" > theirs/authorized_keys
printf 'bob@example.org namespaces="file" %s\n' "$(cat theirs/openssh.pub)" > theirs/allowed_signers

jose jwk gen -i '{"alg":"PS256"}' -o theirs/jose.jwk
jose jwk pub -i theirs/jose.jwk -o theirs/jose.pub.jwk
printf '{"keys":[%s]}' "$(cat theirs/jose.pub.jwk)" > theirs/jose.jwks

cat > tool.py <<'PY'
import sys
from cryptography.hazmat.primitives import hashes, serialization as s
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography import x509
from cryptography.fernet import Fernet

PASS = b"pass word"

def read(path):
    with open(path, "rb") as file:
        return file.read()

def write():
    key = s.load_pem_private_key(read("theirs/pkcs8.pem"), None)
    none, best = s.NoEncryption(), s.BestAvailableEncryption(PASS)
    for name, form in [("pkcs8", s.PrivateFormat.PKCS8), ("pkcs1", s.PrivateFormat.TraditionalOpenSSL)]:
        open(f"theirs/py.{name}", "wb").write(key.private_bytes(s.Encoding.PEM, form, none))
        open(f"theirs/py.{name}.der", "wb").write(key.private_bytes(s.Encoding.DER, form, none))
    open("theirs/py.sealed", "wb").write(key.private_bytes(s.Encoding.PEM, s.PrivateFormat.PKCS8, best))
    open("theirs/py.openssh", "wb").write(key.private_bytes(s.Encoding.PEM, s.PrivateFormat.OpenSSH, none))
    public = key.public_key()
    open("theirs/py.spki", "wb").write(public.public_bytes(s.Encoding.PEM, s.PublicFormat.SubjectPublicKeyInfo))
    open("theirs/py.pkcs1.pub", "wb").write(public.public_bytes(s.Encoding.PEM, s.PublicFormat.PKCS1))
    open("theirs/py.ssh", "wb").write(public.public_bytes(s.Encoding.OpenSSH, s.PublicFormat.OpenSSH))

def same(public):
    reference = s.load_pem_public_key(read("ours/reference"))
    assert public.public_numbers() == reference.public_numbers()

what, *rest = sys.argv[1:]
if what == "write": write()
elif what == "pem-public": same(s.load_pem_public_key(read(rest[0])))
elif what == "der-public": same(s.load_der_public_key(read(rest[0])))
elif what == "ssh-public": same(s.load_ssh_public_key(read(rest[0])))
elif what == "certificate": same(x509.load_pem_x509_certificate(read(rest[0])).public_key())
elif what == "request":
    request = x509.load_pem_x509_csr(read(rest[0]))
    assert request.is_signature_valid
    same(request.public_key())
elif what == "pem": same(s.load_pem_private_key(read(rest[0]), PASS if rest[1:] else None).public_key())
elif what == "der": same(s.load_der_private_key(read(rest[0]), PASS if rest[1:] else None).public_key())
elif what == "openssh": same(s.load_ssh_private_key(read(rest[0]), None).public_key())
elif what == "pkcs12": same(pkcs12.load_key_and_certificates(read(rest[0]), PASS)[0].public_key())
elif what == "verify":
    scheme = padding.PSS(padding.MGF1(hashes.SHA3_512()), 64)
    s.load_pem_public_key(read("ours/reference")).verify(read(rest[1]), read("message"), scheme, hashes.SHA3_512())
elif what == "sign":
    scheme = padding.PSS(padding.MGF1(hashes.SHA3_512()), 64)
    key = s.load_pem_private_key(read("ours/plain.pkcs8"), None)
    open(rest[1], "wb").write(key.sign(read("message"), scheme, hashes.SHA3_512()))
elif what == "fernet-open": assert Fernet(read("fernet.key").strip()).decrypt(read(rest[0]).strip()) == read("message")
elif what == "fernet-seal": open(rest[0], "wb").write(Fernet(read("fernet.key").strip()).encrypt(read("message")))
else: sys.exit("unknown: " + what)
PY
python3 tool.py write
keyctl token key -o fernet.key 2> /dev/null
age-keygen -o age.key 2> /dev/null
printf 'alice namespaces="file" %s\n' "$(cat ours/public.ssh)" > signers

# A key of theirs is read if converting it gives the reference.
cat > same <<'SH'
#!/bin/sh
reference=$1; shift
keyctl convert "$@" --to pem --public > got && cmp -s got "$reference"
SH
chmod +x same
