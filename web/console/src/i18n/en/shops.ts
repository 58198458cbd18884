/** A person in several shops, and a person who cannot get in. */
export const shops = {
  title: 'Which shop?',
  about: 'You belong to several. You can change later, in the menu under your initial.',
  none: 'None of your shops can be entered any more. Sign in again.',
  yours: 'Your shops',
  elsewhere: 'This address already has a login for another shop. Take the same password as there, and you can go from one shop to the other. With a different one, each password opens its own.',
}
