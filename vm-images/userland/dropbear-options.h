/* SPDX-License-Identifier: MIT */
/*
 * What the guest's SSH server is built without. There is one client, it has a
 * key, and the only way in is a socket of QEMU's: nothing else is needed, and
 * each thing that is not there is not set up at every boot.
 */
#define DROPBEAR_SVR_PASSWORD_AUTH 0
#define DROPBEAR_SVR_PAM_AUTH 0
#define DROPBEAR_SVR_AGENTFWD 0
#define DROPBEAR_SVR_LOCALTCPFWD 0
#define DROPBEAR_SVR_REMOTETCPFWD 0
#define DROPBEAR_SVR_LOCALSTREAMFWD 0
#define DROPBEAR_SVR_REMOTESTREAMFWD 0
#define DROPBEAR_X11FWD 0
#define DROPBEAR_SFTPSERVER 0
#define DROPBEAR_DSS 0
#define DROPBEAR_ECDSA 0
#define DROPBEAR_ECDH 0
#define DROPBEAR_SK_KEYS 0
#define DROPBEAR_SK_ECDSA 0
#define DROPBEAR_SK_ED25519 0
#define DROPBEAR_DH_GROUP14_SHA1 0
#define DROPBEAR_DH_GROUP14_SHA256 0
#define DROPBEAR_DH_GROUP16 0
#define DO_MOTD 0
