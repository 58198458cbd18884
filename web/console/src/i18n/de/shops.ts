import type { Catalogue } from '../en'

export const shops: Catalogue['shops'] = {
  title: 'Welcher Shop?',
  about: 'Sie gehören zu mehreren. Wechseln können Sie später im Menü unter Ihrem Anfangsbuchstaben.',
  none: 'Keinen Ihrer Shops können Sie mehr betreten. Melden Sie sich neu an.',
  yours: 'Ihre Shops',
  elsewhere: 'Mit dieser Adresse gibt es schon eine Anmeldung für einen anderen Shop. Nehmen Sie dasselbe Passwort wie dort, dann können Sie von einem Shop zum anderen wechseln. Mit einem anderen öffnet jedes Passwort seinen eigenen Shop.',
}
