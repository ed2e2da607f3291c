/**
 * Passwords that everybody tries first, in lower case and without blanks and dashes. Shorter ones
 * need no place here: fewer than ten characters are refused anyway.
 */
export const commonPasswords = new Set(`
0000000000 0102030405 0123456789 0987654321 1029384756 1111111111 11111111111 111111111111
1112223334 1122334455 112233445566 1212121212 1231231231 123123123123 1234512345 1234554321
1234567890 12345678900 12345678901 123456789012 1234567890123 1234567891 12345678910 123456789a
123456789q 123456789z 12345qwert 1234qwerasdf 1234qwerty 1357924680 1472583690 147852369a
1q2w3e4r5t 1q2w3e4r5t6y 1q2w3e4r5t6y7u 1qaz1qaz1qaz 1qaz2wsx3edc 1qaz2wsx3edc4rfv 1qazxsw23edc
2222222222 3333333333 4444444444 5555555555 6666666666 6969696969 7418529630 7777777777
8888888888 9876543210 9876543211 987654321a 9999999999 a123456789 a1b2c3d4e5 aa12345678
aaaaaaaaaa aaaaaaaaaaaa abc1234567 abc123456789 abcd123456 abcd1234567 abcde12345 abcdef123456
abcdefghij abcdefghijk abcdefghijkl admin12345 admin123456 adminadmin administrator
adminpassword alexander1 america123 anthony123 apples1234 asd123456789 asdasdasdasd asdf1234asdf
asdfasdfasdf asdfghjkl1 asdfghjkl123 asdfghjkl; asdfghjklzxcvbnm awesome123 babygirl12
babygirl123 barcelona1 baseball12 baseball123 basketball basketball1 battlefield blink182blink
bluebird123 butterfly1 butterfly123 california california1 changeme12 changeme123 changemenow
charlie123 cheesecake chelsea123 chocolate1 chocolate123 christopher computer123
december12 defaultpassword dragon12345 elizabeth1 football12
football123 footballer freedom123 friendship fuckyou123 goodmorning hello12345 hello123456
helloworld helloworld1 iloveyou12 iloveyou123 iloveyou1234 iloveyou22 iloveyouforever jennifer12
jesuschrist jonathan12 justin12345 keyboardcat killer12345 king123456 letmein123 letmein1234
letmeinnow liverpool1 liverpool123 love123456 manchester manchester1 manunited1 master12345
metallica1 michael123 michelle12 minecraft1 minecraft123 monkey12345 mypassword mypassword1
newpassword nopassword p@$$w0rd123 p@ssw0rd12 p@ssw0rd123 p@ssword123 pa$$word123 pass123456
pass12345678 passpasspass passphrase passw0rd12 passw0rd123 password!! password!1 password00
password01 password1! password10 password11 password12 password123 password123! password1234
password12345 password123456 password2024 password2025 password2026 password21 password22
password99 passwordpassword pokemon123 princess12 princess123 q1w2e3r4t5 q1w2e3r4t5y6 qazwsx1234
qazwsx123456 qazwsxedcrfv qazwsxedcrfvtgb qqqqqqqqqq qwe123456789 qweasdzxc123 qwer1234qwer
qwerty1234 qwerty12345 qwerty123456 qwerty123456789 qwerty7890 qwertyqwerty qwertyuiop
qwertyuiop1 qwertyuiop123 qwertyuiop[] qwertyuiopasdfghjkl qwertzuiop qwertzuiopü realmadrid
rockyou123 samsung123 secret1234 secret12345 secretpassword september1 shadow12345 skateboard
snickers12 spiderman1 spiderman123 spongebob1 starwars12 starwars123 stephanie1 strawberry
strawberry1 summer2024 summer2025 summer2026 sunshine12 sunshine123 superman12 superman123
supersecret sweetheart test123456 test12345678 testpassword testtesttest thisismypassword
tinkerbell topsecret1 trustno1trustno1 unbelievable valentine1 victoria12 volleyball warcraft123
welcome123 welcome1234 welcome12345 whatever12 whatever123 winter2024 winter2025 winter2026
xxxxxxxxxx yourpassword zaq12wsxcde3 zaq1xsw2cde3 zxcvbnm123 zxcvbnm1234 zxcvbnmasdfghjkl
zxcvbnmzxcvbnm zzzzzzzzzz
`.trim().split(/\s+/));
